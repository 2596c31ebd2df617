namespace TrustMesh.Trust.Twins;

/// <summary>What a line of a timeline tells. Texts are in <see cref="EventKinds"/>; the numbers are stored and never change.</summary>
public enum EventKind
{
    Enrolled = 1, Approved = 2, Suspended = 3, Resumed = 4, Revoked = 5, Verdict = 6, Stale = 7, Refused = 8, Policy = 9, Reference = 10, Operator = 11, Peer = 12, Alarm = 13, Revocation = 14,
    Alert = 15,
}
