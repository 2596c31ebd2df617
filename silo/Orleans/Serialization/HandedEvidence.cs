using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Serialization;

/// <summary>
/// Verified evidence on its way to the silo that holds the twin. Both silos are of the mesh's authority (their connection says so), so what one has
/// verified the other need not verify again; nobody else can hand one over.
/// </summary>
/// <param name="Before">Without the names it knew: what it continues is told by its counters, its register and its session key.</param>
/// <param name="Claims">Deterministic CBOR; likewise <paramref name="Leaf"/>.</param>
internal sealed record HandedEvidence(
    DeviceId Device, ReadOnlyMemory<byte> EnrolmentId, AttesterState Before, AttesterState After, IReadOnlyList<ReadOnlyMemory<byte>> Appended, Verdict Verdict,
    ReadOnlyMemory<byte> Claims, IReadOnlyList<PcrValue> Registers, ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Leaf)
{
    public static HandedEvidence Of(VerifiedEvidence evidence)
        => new(
            evidence.Device, evidence.EnrolmentId, evidence.Before with { Current = AttesterState.None.Current }, evidence.After, evidence.Appended, evidence.Verdict, evidence.Claims.Encode(), evidence.Registers, evidence.Bytes, evidence.Leaf);

    public VerifiedEvidence Take() => new()
    {
        Device = Device, EnrolmentId = EnrolmentId, Before = Before, After = After, Appended = Appended, Verdict = Verdict,
        Claims = Wire.Messages.Claims.Decode(Claims), Registers = Registers, Bytes = Bytes, Asked = ChallengeLeaf.Decode(Leaf),
    };
}
