"""The bench of files: its workbook is one that we read, row by row, and each of its steps says what it took."""

import pytest

from sellerweb.bench import files


@pytest.mark.slow
@pytest.mark.parametrize("step", files.STEPS)
def test_every_step_takes_its_file_and_says_what_it_took(tmp_path, step):
    files.write(tmp_path / "f.xlsx", 30)
    found = files._apart(step, tmp_path / "f.xlsx", 30)
    assert found["seconds"] > 0
    assert found["peak"] > 10_000  # kilobytes: a process of its own
