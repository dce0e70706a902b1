"""A real SMTP server: python3 mail_server.py CERTIFICATE KEY. Prints its port, then one line of JSON for each message.

It wants STARTTLS and the user "clew" with the password "s3cret:%"; it takes no mail for nobody@, and refuses the first
message for later@ with "try again".
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

refused = set()


class Printer:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 there is nobody of that name"
        if address.startswith("later@") and address not in refused:
            refused.add(address)
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode(),
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        print(json.dumps(message), flush=True)
        return "250 OK"


def check(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and data.login == b"clew" and data.password == b"s3cret:%"
    return AuthResult(success=right, auth_data=data if right else None, handled=right)


async def main(certificate, key):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Printer(), tls_context=context, require_starttls=True, authenticator=check, auth_required=True,
                     auth_exclude_mechanism=sys.argv[3:]),
        "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1], sys.argv[2]))
