namespace TrustMesh.Trust.Revoking;

/// <summary>The API's words for what became of a device.</summary>
public static class TargetOutcomes
{
    public const string Waiting = "waiting", Revoked = "revoked", Already = "already", Changed = "changed", Refused = "refused", Failed = "failed";

    /// <summary>There is nothing left to do about the device.</summary>
    public static bool IsFinal(string outcome) => outcome is not (Waiting or Failed);
}
