using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// An enrolment that waits for its answer. It belongs to one TLS connection, is taken from there by the first answer (attack A11), and ends
/// with the connection, so nobody can pile them up.
/// </summary>
public sealed class PendingEnrolment
{
    internal PendingEnrolment(EnrolRequest request, EnrolmentCandidate candidate, EnrolChallenge challenge, ReadOnlyMemory<byte> secret, DateTimeOffset deadline)
        => (Request, Candidate, Challenge, Secret, Deadline) = (request, candidate, challenge, secret, deadline);

    public EnrolChallenge Challenge { get; }

    public DateTimeOffset Deadline { get; }

    internal EnrolRequest Request { get; }

    internal EnrolmentCandidate Candidate { get; }

    /// <summary>What the credential holds; empty for roots that sign a nonce.</summary>
    internal ReadOnlyMemory<byte> Secret { get; }
}
