namespace TrustMesh.Trust.Twins;

/// <summary>The API's words for events.</summary>
public static class EventKinds
{
    public static string Text(EventKind kind) => kind switch
    {
        EventKind.Enrolled => "enrolled", EventKind.Approved => "approved", EventKind.Suspended => "suspended", EventKind.Resumed => "resumed",
        EventKind.Revoked => "revoked", EventKind.Verdict => "verdict", EventKind.Stale => "stale", EventKind.Refused => "refused",
        EventKind.Policy => "policy", EventKind.Reference => "reference", EventKind.Peer => "peer", EventKind.Alarm => "alarm", EventKind.Revocation => "revocation",
        EventKind.Alert => "alert", _ => "operator",
    };
}
