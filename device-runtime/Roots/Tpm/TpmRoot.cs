using System.Buffers.Binary;
using System.Text;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>
/// A TPM 2.0 as root of trust. The device's identity is its endorsement key; evidence is signed by an attestation key that hangs under
/// it, so that quotes carry the true resetCount. The attestation key stays loaded while the root is open (one of three slots); the
/// endorsement key and sessions are flushed after every use.
/// </summary>
public sealed partial class TpmRoot : IRoot
{
    private readonly TpmDevice tpm;
    private readonly EndorsementTemplate template;
    private readonly AttestationKeyFile key;
    private readonly TpmMemory memory;
    private readonly int measurementPcr;
    private uint? loaded;

    private TpmRoot(TpmDevice tpm, int measurementPcr, EndorsementTemplate template, TpmPublic endorsementKey,
        IReadOnlyList<ReadOnlyMemory<byte>> certificates, AttestationKeyFile key, uint loaded, TpmMemory memory, string description)
    {
        (this.tpm, this.measurementPcr, this.template, this.key, this.loaded, this.memory) = (tpm, measurementPcr, template, key, loaded, memory);
        RootPublic = endorsementKey.Bytes;
        Device = DeviceId.FromRootKey(endorsementKey.ToSubjectPublicKeyInfo());
        Certificates = certificates;
        Description = description;
    }

    public RootKind Kind => RootKind.Tpm;

    public AssuranceTier Tier => AssuranceTier.TpmQuote;

    public string Description { get; }

    public DeviceId Device { get; }

    public ReadOnlyMemory<byte> RootPublic { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    public ReadOnlyMemory<byte> AttestationKey => key.Public.Bytes;

    public uint Boot => Ask("reading the TPM's clock", () => tpm.ReadClock().ResetCount);

    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
    {
        var secret = Ask("activating the enrolment credential", () => WithKey(handle =>
        {
            using var endorsement = EndorsementKey.Load(tpm, template);
            return endorsement.Authorized(session => tpm.ActivateCredential(
                handle, endorsement.Handle, session, challenge.CredentialBlob.Span, challenge.EncryptedSecret.Span));
        }));
        return EnrolmentAnswer.ByCredential(secret, challenge.EnrolmentId.Span, sessionSpki);
    }

    public void Extend(ReadOnlySpan<byte> entryDigest)
    {
        if (entryDigest.Length != 32) throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(entryDigest));
        var digest = entryDigest.ToArray();
        Ask($"extending PCR {measurementPcr}", () =>
        {
            tpm.PcrExtend(measurementPcr, digest);
            return true;
        });
    }

    public byte[] ReadRegister() => Ask($"reading PCR {measurementPcr}", () => tpm.PcrRead([measurementPcr])[0].Value.ToArray());

    public IReadOnlyList<string> Notes => memory.Notes;

    public byte[]? Recall() => Ask("recalling", memory.Recall);

    public void Remember(ReadOnlySpan<byte> memory)
    {
        var bytes = FileMemory.Checked(memory).ToArray();
        Ask("remembering", () =>
        {
            this.memory.Remember(bytes);
            return true;
        });
    }

    /// <summary>Flushes the attestation key and closes the channel. A TPM that is gone needs no flushing. A TPM in software is told
    /// goodbye, which a kernel does for a real one; else its clock would be unsafe after the next start.</summary>
    public void Dispose()
    {
        try
        {
            if (loaded is { } handle) tpm.Flush(handle);
            if (tpm.IsSimulated) tpm.Shutdown();
        }
        catch (Exception e) when (e is TpmException or IOException or WireException)
        {
            // Nothing is left to do about it: without a resource manager the next Open flushes what stayed behind.
        }
        finally
        {
            loaded = null;
            tpm.Dispose();
        }
    }

    /// <summary>Runs with the attestation key loaded; loads it again, once, if the TPM has lost it (reset, resume).</summary>
    private T WithKey<T>(Func<uint, T> use)
    {
        if (loaded is { } handle)
        {
            try
            {
                return use(handle);
            }
            catch (TpmException e) when (e.Error.IsGone)
            {
                loaded = null;
            }
        }
        using (var endorsement = EndorsementKey.Load(tpm, template)) loaded = Load(tpm, endorsement, key);
        return use(loaded.Value);
    }

    private static uint Load(TpmDevice tpm, EndorsementKey endorsement, AttestationKeyFile key)
        => endorsement.Authorized(session => tpm.Load(endorsement.Handle, session, key.Private.Span, key.Public.Bytes.Span));

    private T Ask<T>(string what, Func<T> question) => Ask(tpm.Address, what, question);

    private static T Ask<T>(string address, string what, Func<T> question)
    {
        try
        {
            return question();
        }
        catch (TpmException e)
        {
            throw new RootException($"{address}: while {what}, TPM2_{e.Command} failed: {e.Error.Sentence}", e);
        }
        catch (IOException e)
        {
            throw new RootException($"The TPM stopped answering while {what}: {e.Message} Start the agent again; if it stays, restart the machine.", e);
        }
        catch (WireException e)
        {
            throw new RootException($"{address} answered something that is not a TPM's answer while {what}: {e.Message}. Check that the setting names a TPM 2.0.", e);
        }
    }

    private static string Describe(TpmDevice tpm)
    {
        const uint manufacturer = 0x105, vendorFirst = 0x106, firmwareHigh = 0x10b, firmwareLow = 0x10c;
        var text = new StringBuilder();
        for (var property = manufacturer; property < vendorFirst + 4; property++)
        {
            var four = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(four, tpm.Property(property) ?? 0);
            foreach (var c in four) if (c is > 0x20 and < 0x7f) text.Append((char)c);
            if (property == manufacturer) text.Append(' ');
        }
        uint high = tpm.Property(firmwareHigh) ?? 0, low = tpm.Property(firmwareLow) ?? 0;
        return $"TPM 2.0 {text}, firmware {high >> 16}.{high & 0xffff}.{low >> 16}.{low & 0xffff}, {tpm.Address}";
    }
}
