"""Microsoft Teams, with Microsoft's Teams SDK as parser and client.

The SDK's own server is not used: it answers 500 to bodies it cannot read and runs an activity that
is delivered twice two times.
"""
