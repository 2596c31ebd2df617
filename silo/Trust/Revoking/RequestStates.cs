namespace TrustMesh.Trust.Revoking;

/// <summary>The API's words for how far a request is.</summary>
public static class RequestStates
{
    public const string Waiting = "waiting", Running = "running", Done = "done", Rejected = "rejected", Expired = "expired";
}
