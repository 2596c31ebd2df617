using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>First message of enrolment. PROTOCOL.md section 7.</summary>
public sealed record EnrolRequest(
    ReadOnlyMemory<byte>? Token,
    string Name,
    string Site,
    string Model,
    RootKind Root,
    ReadOnlyMemory<byte> RootPublic,
    IReadOnlyList<ReadOnlyMemory<byte>> Certificates,
    ReadOnlyMemory<byte> AttestationKey,
    TokenFacts? Facts = null)
{
    private const string Version = "tm-en/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[4096]);
        writer.WriteMap(8 + (Token is null ? 0 : 1) + (Facts is null ? 0 : 1));
        writer.WriteKey(1);
        writer.WriteText("version", Version);
        if (Token is { } token)
        {
            writer.WriteKey(2);
            writer.WriteBytes("token", token, Caps.Hash);
        }
        writer.WriteKey(3);
        writer.WriteName("name", Name);
        writer.WriteKey(4);
        writer.WriteName("site", Site);
        writer.WriteKey(5);
        writer.WriteName("model", Model);
        writer.WriteKey(6);
        writer.WriteEnum("root kind", Root);
        writer.WriteKey(7);
        writer.WriteBytes("root public", RootPublic, 1, Caps.PublicArea);
        writer.WriteKey(8);
        writer.WriteArray("certificates", Certificates.Count, 0, Caps.CertificateCount);
        foreach (var certificate in Certificates) writer.WriteBytes("certificate", certificate, 1, Caps.Certificate);
        writer.WriteKey(9);
        writer.WriteBytes("attestation key", AttestationKey, Root == RootKind.Tpm ? 1 : 0, Root == RootKind.Tpm ? Caps.PublicArea : 0);
        if (Facts is { } facts)
        {
            if (Root != RootKind.Pkcs11) throw new ArgumentException("token: only a PKCS#11 root has one");
            writer.WriteKey(10);
            facts.Write(ref writer);
        }
        return writer.ToArray("EnrolRequest", Caps.EnrolRequest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolRequest Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "EnrolRequest", Caps.EnrolRequest);
        var map = reader.ReadMap("EnrolRequest", 10);
        reader.Key(ref map, 1, "version");
        reader.ReadFixed("version", Version);
        var token = reader.TryKey(ref map, 2) ? reader.ReadBytes("token", Caps.Hash) : default(ReadOnlyMemory<byte>?);
        reader.Key(ref map, 3, "name");
        var name = reader.ReadName("name");
        reader.Key(ref map, 4, "site");
        var site = reader.ReadName("site");
        reader.Key(ref map, 5, "model");
        var model = reader.ReadName("model");
        reader.Key(ref map, 6, "root kind");
        var root = reader.ReadEnum<RootKind>("root kind");
        reader.Key(ref map, 7, "root public");
        var rootPublic = reader.ReadBytes("root public", 1, Caps.PublicArea);
        reader.Key(ref map, 8, "certificates");
        var certificates = new ReadOnlyMemory<byte>[reader.ReadArray("certificates", 0, Caps.CertificateCount)];
        for (var i = 0; i < certificates.Length; i++) certificates[i] = reader.ReadBytes("certificate", 1, Caps.Certificate);
        reader.Key(ref map, 9, "attestation key");
        var key = reader.ReadBytes("attestation key", root == RootKind.Tpm ? 1 : 0, root == RootKind.Tpm ? Caps.PublicArea : 0);
        var factsAt = reader.Offset;
        var facts = reader.TryKey(ref map, 10) ? TokenFacts.Read(ref reader) : null;
        if (facts is not null && root != RootKind.Pkcs11) throw new WireException("token", factsAt, "only a PKCS#11 root has one");
        reader.EndMap(ref map);
        reader.End("EnrolRequest");
        return new(token, name, site, model, root, rootPublic, certificates, key, facts);
    }
}
