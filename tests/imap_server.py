"""A small mailbox on loopback for the tests: as much of IMAP as reading one needs (RFC 3501), and it can misbehave."""

import re
import socketserver
import threading


class Mailbox:
    """`mails` [bytes] are numbered from 1; `valid` is UIDVALIDITY; `refuses` the password; `commands` is what was asked."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.valid, self.refuses, self.commands = 7, False, list[str]()
        box = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _space, command = line.decode().strip().partition(" ")
                    box.commands.append(command)
                    for answer in box.answers(command):
                        self.wfile.write(answer + b"\r\n")
                    no = box.refuses and command.startswith("LOGIN")
                    self.wfile.write(f"{tag} {'NO' if no else 'OK'} done\r\n".encode())
                    if command == "LOGOUT":
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://shop%40example.kr:secret@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answers(self, command: str) -> list[bytes]:
        if command.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1"]
        if command.startswith("EXAMINE"):
            return [f"* {len(self.mails)} EXISTS".encode(), f"* OK [UIDVALIDITY {self.valid}] so".encode()]
        if command.startswith("STATUS"):
            said = (
                f"MESSAGES {len(self.mails)} RECENT 0 UIDNEXT {len(self.mails) + 1} UIDVALIDITY {self.valid} UNSEEN 0"
            )
            return [f'* STATUS "INBOX" ({said})'.encode()]
        if found := re.search(r"UID SEARCH .*?UID (\d+):\*", command):
            # As RFC 3501 has it, `*` is the newest even where that comes before the first of the range.
            first = min(int(found[1]), len(self.mails)) or 1
            return [("* SEARCH " + " ".join(str(n) for n in range(first, len(self.mails) + 1))).encode()]
        if command.startswith("UID SEARCH"):
            return [("* SEARCH " + " ".join(str(n + 1) for n in range(len(self.mails)))).encode()]
        if found := re.fullmatch(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0.(\d+)>\)", command):
            mail = self.mails[int(found[1]) - 1][: int(found[2])]
            return [f"* {found[1]} FETCH (UID {found[1]} BODY[]<0> {{{len(mail)}}}\r\n".encode() + mail + b")"]
        return []
