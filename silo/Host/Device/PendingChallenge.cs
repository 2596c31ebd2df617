using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Host.Device;

/// <summary>A challenge that waits for its one answer on its one connection (attack A01).</summary>
/// <param name="Nonce">32 random bytes.</param>
/// <param name="Policy">In force when it was asked; evidence is judged by the policy in force when it comes, so both must be the same.</param>
/// <param name="Twin">As it was when it was asked: evidence that continues it is judged without asking where the twin lives.</param>
public sealed record PendingChallenge(DeviceId Device, ReadOnlyMemory<byte> Nonce, AppraisalPolicy Policy, DateTimeOffset Deadline, KnownTwin Twin);
