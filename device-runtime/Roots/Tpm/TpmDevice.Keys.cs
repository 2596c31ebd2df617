using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmDevice
{
    /// <summary>Largest TPM2B_PRIVATE and TPM2B_ENCRYPTED_SECRET taken.</summary>
    private const int MaxPrivate = 1024, MaxSecret = 512;

    /// <summary>TPM2_CreatePrimary, 24.1, in the endorsement hierarchy. The caller flushes the handle.</summary>
    public (uint Handle, TpmPublic Public) CreatePrimary(ReadOnlySpan<byte> template)
    {
        var command = new TpmCommand(TpmCommandCode.CreatePrimary).On(TpmHandle.Endorsement, TpmHandle.Password);
        WriteCreation(command.Parameters, template);
        var response = Run(command);
        var reader = new TpmReader(response.Parameters);
        var key = ReadPublicArea(ref reader);
        SkipCreation(ref reader);
        reader.Sized("name", 66);
        reader.End("CreatePrimary");
        return (response.Handle, key);
    }

    /// <summary>TPM2_Create, 12.1: a key wrapped by its parent; nothing stays loaded.</summary>
    /// <returns>The content of TPM2B_PRIVATE and the TPMT_PUBLIC.</returns>
    public (ReadOnlyMemory<byte> Private, TpmPublic Public) Create(uint parent, uint session, ReadOnlySpan<byte> template)
    {
        var command = new TpmCommand(TpmCommandCode.Create).On(parent, session);
        WriteCreation(command.Parameters, template);
        var reader = new TpmReader(Run(command).Parameters);
        var wrapped = reader.Sized("outPrivate", MaxPrivate);
        var key = ReadPublicArea(ref reader);
        SkipCreation(ref reader);
        reader.End("Create");
        return (wrapped, key);
    }

    /// <summary>TPM2_Load, 12.2. The caller flushes the handle.</summary>
    public uint Load(uint parent, uint session, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> publicArea)
    {
        var command = new TpmCommand(TpmCommandCode.Load).On(parent, session);
        command.Parameters.Sized(wrapped).Sized(publicArea);
        var response = Run(command);
        var reader = new TpmReader(response.Parameters);
        reader.Sized("name", 66);
        reader.End("Load");
        return response.Handle;
    }

    /// <summary>TPM2_ReadPublic, 12.4.</summary>
    public TpmPublic ReadPublic(uint handle)
    {
        var reader = new TpmReader(Run(new TpmCommand(TpmCommandCode.ReadPublic).On(handle)).Parameters);
        var key = ReadPublicArea(ref reader);
        reader.Sized("name", 66);
        reader.Sized("qualifiedName", 66);
        reader.End("ReadPublic");
        return key;
    }

    /// <summary>TPM2_ActivateCredential, 12.5: what a verifier encrypted to the EK for exactly this key's Name.</summary>
    public byte[] ActivateCredential(uint key, uint endorsementKey, uint session, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> secret)
    {
        var command = new TpmCommand(TpmCommandCode.ActivateCredential).On(key, TpmHandle.Password).On(endorsementKey, session);
        command.Parameters.Sized(blob).Sized(secret);
        var reader = new TpmReader(Run(command).Parameters);
        var certificate = reader.Sized("certInfo", 64);
        reader.End("ActivateCredential");
        return certificate.ToArray();
    }

    /// <summary>TPM2_Quote, 18.4, with the key's own scheme: the TPMS_ATTEST as signed, and its TPMT_SIGNATURE.</summary>
    public (ReadOnlyMemory<byte> Attest, ReadOnlyMemory<byte> Signature) Quote(uint key, ReadOnlySpan<byte> extraData, PcrSelection selection)
    {
        var command = new TpmCommand(TpmCommandCode.Quote).On(key, TpmHandle.Password);
        command.Parameters.Sized(extraData).Alg(TpmAlg.Null);
        selection.WriteList(command.Parameters);
        return ReadAttestation(Run(command));
    }

    /// <summary>TPM2_Certify, 18.2: <paramref name="signer"/> vouches that <paramref name="subject"/> is in this TPM.</summary>
    public (ReadOnlyMemory<byte> Attest, ReadOnlyMemory<byte> Signature) Certify(uint subject, uint signer, ReadOnlySpan<byte> extraData)
    {
        var command = new TpmCommand(TpmCommandCode.Certify).On(subject, TpmHandle.Password).On(signer, TpmHandle.Password);
        command.Parameters.Sized(extraData).Alg(TpmAlg.Null);
        return ReadAttestation(Run(command));
    }

    /// <summary>TPM2_Sign, 20.2, for keys that are not restricted: the TPMT_SIGNATURE over a SHA-256 digest with ECDSA.</summary>
    public ReadOnlyMemory<byte> Sign(uint key, ReadOnlySpan<byte> digest)
    {
        const ushort hashCheck = 0x8024;
        var command = new TpmCommand(TpmCommandCode.Sign).On(key, TpmHandle.Password);
        command.Parameters.Sized(digest).Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).U16(hashCheck).U32(TpmHandle.Null).Sized([]);
        return Run(command).Parameters;
    }

    /// <summary>Empty TPM2B_SENSITIVE_CREATE, template, no outside info, no creation PCRs.</summary>
    private static void WriteCreation(TpmWriter writer, ReadOnlySpan<byte> template)
        => writer.U16(4).Sized([]).Sized([]).Sized(template).Sized([]).U32(0);

    private static TpmPublic ReadPublicArea(ref TpmReader reader) => TpmPublic.Decode(reader.Sized("outPublic", TpmPublic.MaxSize));

    private static void SkipCreation(ref TpmReader reader)
    {
        reader.Sized("creationData", 1024);
        reader.Sized("creationHash", 64);
        reader.U16("creationTicket.tag");
        reader.U32("creationTicket.hierarchy");
        reader.Sized("creationTicket.digest", 64);
    }

    private static (ReadOnlyMemory<byte>, ReadOnlyMemory<byte>) ReadAttestation(TpmResponse response)
    {
        var reader = new TpmReader(response.Parameters);
        var attest = reader.Sized("attest", TpmAttest.MaxSize);
        return reader.Left > MaxSecret + 8 ? throw new WireException("signature", reader.Offset, $"{reader.Left} bytes") : (attest, reader.Rest());
    }
}
