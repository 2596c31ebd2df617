using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Roots;

/// <summary>Where the root of trust is. Read from the agent's configuration.</summary>
/// <param name="Kind">tpm, pkcs11 or software. Software only when asked for by name; there is no fallback to it.</param>
/// <param name="Tpm"><c>device:/dev/tpmrm0</c>, <c>unix:/path/to/swtpm.sock</c> or <c>tcp:127.0.0.1:2321</c>.</param>
/// <param name="EndorsementKey">auto (first with a certificate: P-256, P-384, RSA-2048), ecc-p256, ecc-p384, rsa-2048.</param>
/// <param name="MeasurementPcr">0..15; never a register that can be reset (16, 23) or that starts at ones (17..22).</param>
/// <param name="StateDirectory">Holds key blobs (TPM-wrapped) or, for software, the key itself; files are mode 0600.</param>
/// <param name="Pkcs11">For the kind pkcs11; null for the others.</param>
public sealed record RootSettings(string Kind, string Tpm, string EndorsementKey, int MeasurementPcr, string StateDirectory, Pkcs11Settings? Pkcs11 = null)
{
    internal const string TpmKind = "tpm", Pkcs11Kind = "pkcs11", SoftwareKind = "software", AutoKey = "auto";

    /// <summary>Throws <see cref="RootException"/> for settings no root could honour.</summary>
    public void Check()
    {
        if (MeasurementPcr is < 0 or > 15)
            throw new RootException($"PCR {MeasurementPcr} can be reset or does not start at zero, so measurements in it prove nothing. Choose one from 0 to 15; 13 is the usual one.");
        if (!Path.IsPathFullyQualified(StateDirectory))
            throw new RootException($"The state directory '{StateDirectory}' is not an absolute path. Write one, such as /var/lib/trustmesh.");
        if (Kind == TpmKind && EndorsementKey != AutoKey && Roots.Tpm.EndorsementTemplate.All.All(t => t.Setting != EndorsementKey))
            throw new RootException($"There is no endorsement key '{EndorsementKey}'. Write auto, ecc-p256, ecc-p384 or rsa-2048.");
        if (Kind != Pkcs11Kind) return;
        if (Pkcs11 is null) throw new RootException("A PKCS#11 root needs the module of its token. Write it as \"module\", such as /usr/lib/softhsm/libsofthsm2.so.");
        Pkcs11.Check();
    }
}
