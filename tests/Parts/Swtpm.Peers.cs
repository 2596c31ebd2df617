using TrustMesh.Roots;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>What other people's tools make with or for this TPM. The TPM itself must be free for those marked so.</summary>
public sealed partial class Swtpm
{
    /// <summary>tpm2_makecredential (in software, the TPM is not asked): contents of TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET.</summary>
    public (byte[] Blob, byte[] Secret) MakeCredential(IRoot root, byte[] secret)
    {
        System.IO.File.WriteAllBytes(PathOf("secret"), secret);
        System.IO.File.WriteAllBytes(PathOf("ek.pub"), new TpmWriter().Sized(root.RootPublic.Span).ToArray());
        var name = Convert.ToHexStringLower(TpmPublic.Decode(root.AttestationKey).Name());
        var (code, _, error) = Command.Run(Folder, "tpm2_makecredential", "-T", "none", "-u", "ek.pub", "-s", "secret", "-n", name, "-o", "credential");
        Assert.True(code == 0, error);

        // tpm2-tools' own header: magic badcc0de, version 1.
        var reader = new TpmReader(File("credential"));
        Assert.Equal(0xbadcc0deu, reader.U32("magic"));
        Assert.Equal(1u, reader.U32("version"));
        var result = (reader.Sized("blob", 1024).ToArray(), reader.Sized("secret", 1024).ToArray());
        reader.End("credential");
        return result;
    }

    /// <summary>A signing key of this TPM that would sign anything, also a forged attestation (attack A09). TPMT_PUBLIC. Needs the TPM free.</summary>
    public byte[] CreateUnrestrictedKey() => CreateSigningKey("fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign");

    /// <summary>A restricted signing key that may be duplicated to another TPM or to a file (attack A10). TPMT_PUBLIC. Needs the TPM free.</summary>
    public byte[] CreateDuplicableKey() => CreateSigningKey("sensitivedataorigin|userwithauth|restricted|sign");

    /// <summary>A key made in software and imported into this TPM, its private half known outside (attack A10). TPMT_PUBLIC. Needs the TPM free.</summary>
    public byte[] ImportSoftwareKey()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        System.IO.File.WriteAllText(PathOf("imported.pem"), key.ExportECPrivateKeyPem());
        Tool("tpm2_createprimary", "-C", "o", "-G", "ecc", "-c", "storage.ctx");
        Tool("tpm2_import", "-C", "storage.ctx", "-G", "ecc", "-i", "imported.pem", "-a", "userwithauth|sign", "-u", "imported.pub", "-r", "imported.priv");
        Tool("tpm2_flushcontext", "-t");
        var imported = TpmPublic.DecodeEither(File("imported.pub"));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), imported.ToSubjectPublicKeyInfo());
        return imported.Bytes.ToArray();
    }

    private byte[] CreateSigningKey(string attributes)
    {
        Tool("tpm2_createprimary", "-C", "e", "-G", "ecc256:ecdsa-sha256:null", "-a", attributes, "-c", "signing.ctx");
        Tool("tpm2_readpublic", "-c", "signing.ctx", "-o", "signing.pub");
        Tool("tpm2_flushcontext", "-t");
        return TpmPublic.DecodeEither(File("signing.pub")).Bytes.ToArray();
    }
}
