using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;

namespace TrustMesh.Host.Device;

/// <summary>
/// What evidence is judged by, as it was when the challenge was made. Kept for every connected device, so without its verdict, whose texts are most of a twin.
/// </summary>
/// <param name="DueAt">When its verdict runs out and that has to be noted; null if there is none.</param>
public sealed record KnownTwin(Enrolment Enrolment, AttesterState Attester, long Version, DateTimeOffset? DueAt)
{
    public static KnownTwin? Of(TwinState? state) => state is null ? null : new(state.Enrolment, state.Attester, state.Version, state.DueAt);
}
