"""Argon2 that counts its work: the price of an answer, on a machine of any load."""

from django.contrib.auth.hashers import Argon2PasswordHasher

work: list[str] = []


class CountingArgon2(Argon2PasswordHasher):
    """The real hasher; each hashing adds one to `work`."""

    def encode(self, password, salt):
        work.append("encode")
        return super().encode(password, salt)

    def verify(self, password, encoded):
        work.append("verify")
        return super().verify(password, encoded)
