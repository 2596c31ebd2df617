using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// A browser and its authenticator with one passkey, made after WebAuthn 3 and not after our parser; every part can be told to lie. A chromium with a virtual
/// authenticator of its own is in tests/Dashboard.
/// </summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private readonly AsymmetricAlgorithm key;

    public SoftwareAuthenticator(bool rsa = false) => key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; set; } = RandomNumberGenerator.GetBytes(32);

    public byte[] Handle { get; set; } = [];

    public string Origin { get; set; } = "http://localhost:7490";

    public string RpId { get; set; } = "localhost";

    /// <summary>User present and verified.</summary>
    public byte Flags { get; set; } = 0x05;

    public uint Counter { get; set; } = 1;

    /// <summary>Instead of webauthn.create or webauthn.get.</summary>
    public string? Type { get; set; }

    /// <summary>Further members of the client data, such as <c>,"crossOrigin":true</c>.</summary>
    public string More { get; set; } = ",\"crossOrigin\":false";

    /// <summary>Instead of the right COSE algorithm.</summary>
    public int? Algorithm { get; set; }

    public string Format { get; set; } = "none";

    /// <summary>Replaces the signature.</summary>
    public Func<byte[], byte[]> Change { get; set; } = signature => signature;

    public (byte[] ClientData, byte[] Attestation) Create(byte[] challenge)
    {
        byte[] data = [.. Data((byte)(Flags | 0x40)), .. new byte[16], (byte)(Id.Length >> 8), (byte)Id.Length, .. Id, .. CoseKey()];
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(Format);
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(data);
        writer.WriteEndMap();
        return (Client(Type ?? "webauthn.create", challenge), writer.Encode());
    }

    public (byte[] ClientData, byte[] Data, byte[] Signature) Get(byte[] challenge)
    {
        var (client, data) = (Client(Type ?? "webauthn.get", challenge), Data(Flags));
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = key is ECDsa ec ? ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            : ((RSA)key).SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (client, data, Change(signature));
    }

    public byte[] CoseKey()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        if (key is ECDsa ec)
        {
            var point = ec.ExportParameters(false).Q;
            writer.WriteStartMap(5);
            Write(1, 2);
            Write(3, Algorithm ?? -7);
            Write(-1, 1);
            writer.WriteInt32(-2);
            writer.WriteByteString(point.X!);
            writer.WriteInt32(-3);
            writer.WriteByteString(point.Y!);
        }
        else
        {
            var parameters = ((RSA)key).ExportParameters(false);
            writer.WriteStartMap(4);
            Write(1, 3);
            Write(3, Algorithm ?? -257);
            writer.WriteInt32(-1);
            writer.WriteByteString(parameters.Modulus!);
            writer.WriteInt32(-2);
            writer.WriteByteString(parameters.Exponent!);
        }
        writer.WriteEndMap();
        return writer.Encode();

        void Write(int name, int value)
        {
            writer.WriteInt32(name);
            writer.WriteInt32(value);
        }
    }

    public void Dispose() => key.Dispose();

    private byte[] Data(byte flags)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(RpId), data);
        data[32] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Counter);
        return data;
    }

    private byte[] Client(string type, byte[] challenge)
        => Encoding.UTF8.GetBytes($$"""{"type":{{JsonSerializer.Serialize(type)}},"challenge":"{{System.Buffers.Text.Base64Url.EncodeToString(challenge)}}","origin":{{JsonSerializer.Serialize(Origin)}}{{More}}}""");
}
