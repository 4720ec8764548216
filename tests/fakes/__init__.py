"""Stand-ins for what lies outside: real servers on loopback, which the real clients talk to."""
