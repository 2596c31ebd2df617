using TrustMesh.Contracts;

namespace TrustMesh.Trust.Revoking;

/// <summary>What became of a call: an act, or why there is none.</summary>
public sealed record DeskAnswer(RevocationAct? Act, DeskRefusal Refusal, string Why)
{
    internal static DeskAnswer Of(RevocationAct act) => new(act, default, "");

    internal static DeskAnswer Not(DeskRefusal refusal, string why) => new(null, refusal, why);
}
