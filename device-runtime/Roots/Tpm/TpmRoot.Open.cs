using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmRoot
{
    /// <summary>
    /// Opens the TPM, finds its endorsement key and certificate, and loads the attestation key, which is made at the first start and
    /// kept, wrapped, in the state directory.
    /// </summary>
    /// <exception cref="RootException">No TPM, a TPM that can not do it, or a key file of another TPM.</exception>
    public static TpmRoot Open(RootSettings settings, TimeProvider time)
    {
        settings.Check();
        return Open(settings, TpmChannel.Open(settings.Tpm), time);
    }

    /// <summary>As <see cref="Open(RootSettings, TimeProvider)"/> over a channel that is open already and now belongs to the root.</summary>
    public static TpmRoot Open(RootSettings settings, ITpmChannel channel, TimeProvider time)
    {
        settings.Check();
        var tpm = new TpmDevice(channel, time);
        try
        {
            return Ask(channel.Address, "opening the TPM", () => Open(settings, tpm));
        }
        catch
        {
            tpm.Dispose();
            throw;
        }
    }

    private static TpmRoot Open(RootSettings settings, TpmDevice tpm)
    {
        if (!tpm.IsManaged) FlushLeftovers(tpm);
        CheckBank(settings, tpm);
        var description = Describe(tpm);
        var file = AttestationKeyFile.Read(settings.StateDirectory);
        var (template, endorsement, certificates) = file is null ? Choose(settings, tpm) : Known(settings, tpm, file);
        using (endorsement)
        {
            if (file is null)
            {
                var (wrapped, made) = endorsement.Authorized(session => tpm.Create(endorsement.Handle, session, AttestationKeyTemplate.Public));
                file = new(template.CertificateIndex, endorsement.Public.Name(), made, wrapped);
                file.Write(settings.StateDirectory);
            }
            var memory = TpmMemory.Open(tpm, settings.StateDirectory);
            var loaded = Load(tpm, endorsement, file);
            return new(tpm, settings.MeasurementPcr, template, endorsement.Public, certificates, file, loaded, memory, description);
        }
    }

    /// <summary>First start: the best endorsement key that has a certificate; without any certificate the best one of the settings.</summary>
    private static (EndorsementTemplate, EndorsementKey, IReadOnlyList<ReadOnlyMemory<byte>>) Choose(RootSettings settings, TpmDevice tpm)
    {
        var wanted = EndorsementTemplate.All.Where(t => settings.EndorsementKey is RootSettings.AutoKey || t.Setting == settings.EndorsementKey).ToArray();
        var present = tpm.Handles(TpmHandle.NvFirst);
        foreach (var template in wanted.Where(t => present.Contains(t.CertificateIndex)))
        {
            var key = EndorsementKey.Load(tpm, template);
            var certificates = EndorsementCertificates.Read(tpm, template, key.Public);
            if (certificates.Count > 0) return (template, key, certificates);
            key.Dispose();
        }
        return (wanted[0], EndorsementKey.Load(tpm, wanted[0]), []);
    }

    /// <summary>Later starts: the key file says which endorsement key the identity is, and it must be the same TPM.</summary>
    private static (EndorsementTemplate, EndorsementKey, IReadOnlyList<ReadOnlyMemory<byte>>) Known(RootSettings settings, TpmDevice tpm, AttestationKeyFile file)
    {
        var path = Path.Combine(settings.StateDirectory, AttestationKeyFile.FileName);
        var template = EndorsementTemplate.All.FirstOrDefault(t => t.CertificateIndex == file.Template)
            ?? throw new RootException($"{path} names an endorsement key 0x{file.Template:x8} that is not known. Remove it and enrol the device anew.");
        if (settings.EndorsementKey is not RootSettings.AutoKey && settings.EndorsementKey != template.Setting)
            throw new RootException($"This device enrolled with its {template.Setting} endorsement key, but the settings ask for {settings.EndorsementKey}. "
                + $"Set it back, or remove {path} to enrol as another device.");
        var key = EndorsementKey.Load(tpm, template);
        if (key.Public.Name().AsSpan().SequenceEqual(file.EndorsementName.Span)) return (template, key, EndorsementCertificates.Read(tpm, template, key.Public));
        key.Dispose();
        throw new RootException($"{path} belongs to another TPM, or this TPM's endorsement seed was replaced. Another root is another device: "
            + "remove the file and enrol it anew.");
    }

    /// <summary>Without the SHA-256 bank an extend does nothing and says nothing about it.</summary>
    private static void CheckBank(RootSettings settings, TpmDevice tpm)
    {
        if (!tpm.Banks().Any(b => b.Bank == TpmAlg.Sha256 && b.Pcrs.Contains(settings.MeasurementPcr)))
            throw new RootException($"The TPM's SHA-256 bank has no PCR {settings.MeasurementPcr}. Switch the bank on (firmware setup, or tpm2_pcrallocate sha256:all) and restart.");
    }

    /// <summary>Without a resource manager this connection is the TPM's only user, and what a killed agent left loaded fills its three slots.</summary>
    private static void FlushLeftovers(TpmDevice tpm)
    {
        foreach (var first in (uint[])[TpmHandle.TransientFirst, TpmHandle.LoadedSessionFirst])
            foreach (var handle in tpm.Handles(first)) tpm.Flush(handle);
    }
}
