using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>
/// A root whose register outlives the attester that uses it, and whose calls fail when told to: once after the register took the value and once
/// before (fault table). It signs like a software root.
/// </summary>
public sealed class RegisterRoot : IRoot
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int count;

    public RegisterRoot() => RootPublic = key.ExportSubjectPublicKeyInfo();

    public byte[] Register { get; set; } = new byte[32];

    /// <summary>Extends until one fails; negative: never.</summary>
    public int FailAfter { get; set; } = -1;

    /// <summary>Whether the failing extend happened all the same.</summary>
    public bool FailPersisted { get; set; }

    public bool ReadFails { get; set; }

    public int Proofs { get; private set; }

    public bool ProofFails { get; set; }

    /// <summary>Runs while a proof is made.</summary>
    public Action Proving { get; set; } = () => { };

    /// <summary>How many proofs were ever being made at one moment.</summary>
    public int MostProofsAtOnce { get; private set; }

    private HeldProofs? held;
    private int proving;

    /// <summary>Proofs wait, as on slow hardware, until the returned gate lets them go.</summary>
    public HeldProofs HoldProofs() => held = new();

    public RootKind Kind => RootKind.Software;

    public AssuranceTier Tier => AssuranceTier.Software;

    public string Description => "a root for tests";

    public DeviceId Device => DeviceId.FromRootKey(RootPublic.Span);

    public ReadOnlyMemory<byte> RootPublic { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public ReadOnlyMemory<byte> AttestationKey => default;

    public uint Boot { get; set; } = 7;

    public ECDsa Key => key;

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
        => key.SignData([.. "tm-en/1"u8, .. challenge.EnrolmentId.Span, .. challenge.Nonce.Span, .. sessionSpki], HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Extend(ReadOnlySpan<byte> entryDigest)
    {
        var fails = FailAfter == 0;
        if (FailAfter >= 0) FailAfter--;
        if (!fails || FailPersisted)
        {
            Register = SHA256.HashData([.. Register, .. entryDigest]);
            count++;
        }
        if (fails) throw new RootException("The register did not answer. This test told it so.");
    }

    public byte[] ReadRegister() => ReadFails ? throw new RootException("The register can not be read. This test told it so.") : [.. Register];

    public Evidence Prove(EvidenceDraft draft)
    {
        Proofs++;
        MostProofsAtOnce = Math.Max(MostProofsAtOnce, Interlocked.Increment(ref proving));
        held?.Pass();
        Proving();
        Interlocked.Decrement(ref proving);
        if (ProofFails) throw new RootException("It does not sign. This test told it so.");
        var claims = (draft.Claims with { ExtraData = ChallengeLeaf.TokenExtraData(draft.Role, draft.Claims.Challenge.Span), LogHead = new(count, ReadRegister()) }).Encode();
        var statement = CoseSign1.Prepare(claims, KeyThumbprint.Of(key.ExportParameters(false)), "application/eat+cwt");
        return new(claims, statement.Complete(key.SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)), null, draft.Proof, draft.Log);
    }

    public byte[]? Memory { get; set; }

    public byte[]? Recall() => Memory;

    public int Remembered { get; private set; }

    /// <summary>Whether remembering fails, and whether it happened all the same.</summary>
    public bool RememberFails { get; set; }

    public void Remember(ReadOnlySpan<byte> memory)
    {
        Remembered++;
        if (!RememberFails || FailPersisted) Memory = memory.ToArray();
        if (RememberFails) throw new RootException("It does not remember. This test told it so.");
    }

    /// <summary>A machine reset: the register starts at zero, the boot count rises.</summary>
    public void Reset()
    {
        Boot++;
        Register = new byte[32];
        count = 0;
    }

    /// <summary>The attester's end is not the hardware's.</summary>
    public void Dispose() { }
}
