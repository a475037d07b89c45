#!/usr/bin/env python3
"""Checks a file of 'streamsettle audit export' offline, by nothing but Python's standard library:
    python3 audit-check.py FILE NAME=PUBLIC_KEY.pem ... [--without-notaries]
0: all of it holds, 2: something does not, 1: it cannot be checked. The formats are told in docs/auditors.md."""
import base64, binascii, hashlib, json, struct, sys, uuid
from datetime import datetime, timedelta

P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff          # NIST P-256
N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
G = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
     0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)
SPKI = bytes.fromhex('3059301306072a8648ce3d020106082a8648ce3d03010703420004')   # an uncompressed point of it

def add(a, b):
    if a is None or b is None: return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0: return None
    slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P

def times(k, point):
    total = None
    while k:
        if k & 1: total = add(total, point)
        point, k = add(point, point), k >> 1
    return total

def signed(point, message, signature):
    r, s = int.from_bytes(signature[:32], 'big'), int.from_bytes(signature[32:], 'big')
    if len(signature) != 64 or not (0 < r < N and 0 < s < N): return False
    digest, inverse = int.from_bytes(hashlib.sha256(message).digest(), 'big'), pow(s, -1, N)
    sum_ = add(times(digest * inverse % N, G), times(r * inverse % N, point))
    return sum_ is not None and sum_[0] % N == r

def public_key(file):
    der = base64.b64decode(''.join(line for line in open(file) if not line.startswith('-')))
    x, y = int.from_bytes(der[-64:-32], 'big'), int.from_bytes(der[-32:], 'big')
    if der[:-64] != SPKI or (y * y - x * x * x + 3 * x - B) % P: raise ValueError(f'{file} is no public key on P-256')
    return x, y

def seal(text, keys):
    statement, _, signature = text.rpartition('signature ')
    lines = dict(line.split(' ', 1) for line in statement.splitlines())
    if not statement.startswith(('streamsettle seal 1\n', 'streamsettle seal 2\n')): raise ValueError('this is no seal of version 1 or 2')
    if lines['key'] not in keys: raise ValueError(f"the seal is signed by key '{lines['key']}', which was not given")
    must(signed(keys[lines['key']], statement.encode(), bytes.fromhex(signature)), f"seal {lines['number']}: the signature is not that of key '{lines['key']}'")
    return lines, int(lines['events']), bytes.fromhex(lines['head'])

def node(left, right): return hashlib.sha256(b'\1' + left + right).digest()
def leaf(row):
    number, text = struct.Struct('>q').pack, lambda value: None if value is None else value.encode()
    at = (datetime.strptime(row['timestamp'], '%Y-%m-%dT%H:%M:%S.%fZ') - datetime(2000, 1, 1)) // timedelta(microseconds=1)
    fields = [number(row['seq_id']), uuid.UUID(row['id']).bytes, text(row['stream_id']), number(row['version']), text(row['data']),
              None if row['bdata'] is None else base64.b64decode(row['bdata']), text(row['type']), number(at), text(row['tenant_id']),
              text(row['mt_dotnet_type']), None if row['is_archived'] is None else bytes([row['is_archived']])]
    return hashlib.sha256(b'\0' + b''.join(struct.pack('>i', -1) if f is None else struct.pack('>i', len(f)) + f for f in fields)).digest()

def climb(at, last, path, hashes):
    """From node 'at' of a level with nodes 0 to 'last' up (RFC 9162, 2.1.3.2 and 2.1.4.2); hashes[1:] grow to the right too."""
    for sibling in path:
        must(last > 0, 'a path has too many hashes')
        if at & 1 or at == last:
            hashes = [node(sibling, one) for one in hashes]
            while not at & 1: at, last = at >> 1, last >> 1
        else: hashes[-1:] = [node(hashes[-1], sibling)]
        at, last = at >> 1, last >> 1
    must(last == 0, 'a path has too few hashes')
    return hashes

def order(proof, events, head):
    for version, one in enumerate(proof['events'], 1):
        row, place = one['row'], one['place']
        must(row['stream_id'] == proof['order'] and row['version'] == version, f"event {row['seq_id']} is not version {version} of order {proof['order']}")
        must(0 <= place < events and climb(place, events - 1, map(bytes.fromhex, one['path']), [leaf(row)]) == [head], f"event {row['seq_id']} is not as it was sealed")
    must(proof['events'], 'there is no event')
    return f"{len(proof['events'])} events of order {proof['order']} are as they were sealed"

def grown(older, newer, path):
    (_, few, first), (_, many, head) = older, newer
    if few == many or not few > 0: return must(few == many and first == head and not path, 'the two seals are not of one log')
    path, shift = [bytes.fromhex(one) for one in path], (few & -few).bit_length() - 1
    if few & (few - 1) == 0: path.insert(0, first)
    must(few < many and path, 'a path has too few hashes')
    must(climb(few - 1 >> shift, many - 1 >> shift, path[1:], [path[0]] * 2) == [first, head], 'the events of the older seal are not the first ones of the newer')

def must(holds, what):
    if not holds: sys.exit(print(f'broken: {what}') or 2)

try:
    keys = {name: public_key(file) for name, file in (argument.split('=', 1) for argument in sys.argv[2:] if '=' in argument)}
    proof = json.load(open(sys.argv[1], encoding='utf-8'))
    newest = seal(proof['seal'], keys)
    if proof['format'] == 'streamsettle proof of an order 1': what = order(proof, *newest[1:])
    elif proof['format'] == 'streamsettle proof of two seals 1': what = grown(seal(proof['older'], keys), newest, proof['path']) or 'the newer seal has what the older one had, and more'
    else: raise ValueError('this format is not known')
    print(f"sound: {what}, by seal {newest[0]['number']} of {newest[0]['sealed-at']}")
    if proof.get('notarisations') and '--without-notaries' not in sys.argv: sys.exit('not checked here: what notaries gave, which "streamsettle audit check" does; --without-notaries leaves it out')
except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error, binascii.Error) as wrong:
    sys.exit(f'cannot be checked: {wrong!r}')
