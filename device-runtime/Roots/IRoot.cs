using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots;

/// <summary>
/// A device's root of trust. One caller at a time (the agent owns it; hardware is serial anyway). Every member may talk to hardware and
/// throws <see cref="RootException"/>, whose message is a sentence that names the fix.
/// </summary>
public interface IRoot : IDisposable
{
    RootKind Kind { get; }

    AssuranceTier Tier { get; }

    /// <summary>For people: manufacturer, version, where it was found.</summary>
    string Description { get; }

    DeviceId Device { get; }

    /// <summary>TPMT_PUBLIC of the EK, or the identity key's SubjectPublicKeyInfo (PROTOCOL.md section 7).</summary>
    ReadOnlyMemory<byte> RootPublic { get; }

    /// <summary>Endorsement certificates, DER, leaf first; empty where there is none.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    /// <summary>TPMT_PUBLIC of the AK; empty for roots whose identity key signs.</summary>
    ReadOnlyMemory<byte> AttestationKey { get; }

    /// <summary>resetCount of the TPM, or the start counter of a root without one. A new value starts a new measurement log.</summary>
    uint Boot { get; }

    /// <summary>Answers an enrolment challenge; <paramref name="sessionSpki"/> is the SHA-256 (32 bytes) of the TLS key's SPKI.</summary>
    byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki);

    /// <summary>Extends the measurement register: <c>value' = SHA-256(value ‖ entryDigest)</c>. 32 bytes.</summary>
    void Extend(ReadOnlySpan<byte> entryDigest);

    /// <summary>The measurement register's value, 32 bytes.</summary>
    byte[] ReadRegister();

    /// <summary>What a PKCS#11 token says of itself and its key, for enrolment; null for other roots.</summary>
    TokenFacts? Facts => null;

    /// <summary>What an operator should know about this root and may want to mend; one sentence each, with the fix where there is one.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>
    /// The 32 bytes last given to <see cref="Remember"/>, from where a copy of the state directory cannot put older ones (TPM NV, the token); a root
    /// without such a place keeps them in a file, and its <see cref="Notes"/> say so. Null if nothing was remembered yet.
    /// </summary>
    byte[]? Recall();

    /// <summary>Remembers 32 bytes over restarts; durable when it returns. Called seldom: such memory wears out.</summary>
    void Remember(ReadOnlySpan<byte> memory);

    /// <summary>One hardware signature over the draft: the finished evidence.</summary>
    Evidence Prove(EvidenceDraft draft);
}
