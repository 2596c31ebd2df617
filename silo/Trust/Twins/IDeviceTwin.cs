using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// One device's actor. Hosts decide where it lives and give it one call at a time; an actor framework may inherit this interface as it is,
/// so it holds only asynchronous methods over immutable values. Calls on a device that never enrolled return null.
/// May throw <see cref="StaleTwinException"/> (look again and repeat) and <see cref="UnreadableTwinException"/> (an operator has to act).
/// </summary>
public interface IDeviceTwin
{
    /// <summary>The state now; a verdict that has run out is noted first.</summary>
    Task<TwinState?> ReadAsync(CancellationToken cancellation);

    Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation);

    Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation);

    Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation);

    /// <summary>Moves the twin by verified evidence and issues the attestation result.</summary>
    /// <param name="sessionKey">SubjectPublicKeyInfo of the TLS key the evidence came over.</param>
    Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation);

    /// <summary>Notes evidence, or verdicts on peers, that were refused.</summary>
    Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation);

    /// <summary>Notes what peers say, and suspends the device if enough of them say the same.</summary>
    Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation);
}
