using System.Text;
using System.Text.Unicode;
using TrustMesh.Tests.Wire;
using TrustMesh.Tests.Wire.Log;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Passkeys;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Fuzz;

/// <summary>Every parser of Wire.</summary>
public static class FuzzTargets
{
    // A TPM2_Quote of swtpm over SHA-256 PCR 0, 1, 2, its signature and a public area (Parsec test vector, veraison-services).
    private static readonly byte[] Quote = Convert.FromHexString(
        "ff54434780180022000ba20b9e12fb4e0507f1d7af4a9492943cbeae881db7cefe040edfe487eff354f50008deadbeefdeadbeef000000001addb3cf090c7577" +
        "fd889dce01584f8ef327bcafba00000001000b0307000000202ea9ab9198d1638007400cd2c3bef1cc745b864b76011a0e1bc52180ac6452d4");

    private static readonly byte[] Signature = Convert.FromHexString(
        "0018000b0020a771b57d791fdc8269d64f3727ca0ffd55d53e7e22fc6d9fecf7eb2bff27a706002016bea7499f78d61ae31e2569f771abbfb86619dd0e6ccac9" +
        "cc664ce62a629929");

    private static readonly byte[] Public = Convert.FromHexString(
        "0023000b00040072000000100018000b000300100020a907c3c02102a2549c84a2b8b2130e9f6966719391a4c72a357795a1f95e838a0020458248addff3f4ac" +
        "ddb64bd2928f69b811ff0d862e33e788a0704b6aa8295020");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. WireFormats.All.GroupBy(format => format.Decoder).Select(group => new FuzzTarget(
            group.Key,
            [.. group.Select(format => format.Sample)],
            bytes => group.First().Recode(bytes),
            group.First().Open ? FuzzLaw.Stable : FuzzLaw.Identity)),
        new("DeviceId.FromUeid", [Samples.Device.ToUeid()], bytes => DeviceId.FromUeid(bytes).ToUeid(), FuzzLaw.Identity),
        new("EntryBundle.Decode", [LogSamples.Bundle], bytes => EntryBundle.Encode(EntryBundle.Decode(bytes)), FuzzLaw.Identity),
        new("SignedNote.Decode", [LogSamples.Note.Encode()], bytes => SignedNote.Decode(bytes).Encode(), FuzzLaw.Identity),
        new("Checkpoint.Decode", [Encoding.UTF8.GetBytes(LogSamples.Checkpoint.Encode())], bytes => Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetBytes(Checkpoint.Decode(Encoding.UTF8.GetString(bytes)).Encode())
            : throw new WireException("text", 0, "not UTF-8"), FuzzLaw.Identity),
        new("DerSignature.Decode", [DerSignature.Encode(Samples.Fill(37, 64)), DerSignature.Encode([.. new byte[31], 1, .. Samples.Fill(2, 32)])], bytes => DerSignature.Encode(DerSignature.Decode(bytes)), FuzzLaw.Identity),
        new("ClientData.Decode", [.. Passkeys.Select(one => one.Client)], bytes =>
        {
            ClientData.Decode(bytes);
            return null;
        }, FuzzLaw.NoEncoder),
        new("AuthenticatorData.Decode", [.. Passkeys.SelectMany(one => new[] { AttestationObject.Decode(one.Attestation).AuthenticatorData.ToArray(), one.Data })], bytes =>
        {
            AuthenticatorData.Decode(bytes);
            return null;
        }, FuzzLaw.NoEncoder),
        new("AttestationObject.Decode", [.. Passkeys.Select(one => one.Attestation)], bytes =>
        {
            AttestationObject.Decode(bytes);
            return null;
        }, FuzzLaw.NoEncoder),
        new("TpmAttest.Decode", [Quote, Certify], bytes =>
        {
            TpmAttest.Decode(bytes);
            return null;
        }, FuzzLaw.NoEncoder),
        new("TpmCertified.Decode", [Certify], bytes =>
        {
            TpmCertified.Decode(TpmAttest.Decode(bytes));
            return null;
        }, FuzzLaw.NoEncoder),
        new("TpmSignature.Decode", [Signature, [0x00, 0x14, 0x00, 0x0b, 0x01, 0x00, .. Samples.Fill(1, 256)]], bytes => TpmSignature.Decode(bytes, 32).Encode(), FuzzLaw.Stable),
        new("TpmPublic.Decode", [Public], bytes => UsePublic(TpmPublic.Decode(bytes)), FuzzLaw.Identity),
        new("TpmPublic.DecodeEither", [Public, [0x00, (byte)Public.Length, .. Public]], bytes => UsePublic(TpmPublic.DecodeEither(bytes)), FuzzLaw.Stable),
        new("TpmResponse.Decode", [PlainAnswer, SessionAnswer], bytes =>
        {
            var withSession = bytes.Length > 1 && bytes[1] == 2;
            TpmResponse.Decode(bytes, withSession ? new TpmCommand(TpmCommandCode.CreatePrimary).On(TpmHandle.Endorsement, TpmHandle.Password) : new TpmCommand(TpmCommandCode.GetRandom));
            return null;
        }, FuzzLaw.NoEncoder),
    ];

    public static TheoryData<FuzzTarget> Theory => new(All);

    /// <summary>Of an elliptic curve and of RSA.</summary>
    private static IReadOnlyList<(byte[] Client, byte[] Attestation, byte[] Data)> Passkeys =>
        [.. new[] { false, true }.Select(rsa =>
        {
            using var authenticator = new Parts.SoftwareAuthenticator(rsa);
            var (client, attestation) = authenticator.Create(Samples.Fill(3, 32));
            return (client, attestation, authenticator.Get(Samples.Fill(4, 32)).Data);
        })];

    private static byte[] Certify =>
    [
        .. Quote[..4], 0x80, 0x17, .. Quote[6..77],
        0x00, 0x22, 0x00, 0x0b, .. Samples.Fill(2, 32), 0x00, 0x22, 0x00, 0x0b, .. Samples.Fill(3, 32),
    ];

    private static byte[] PlainAnswer => [0x80, 0x01, 0, 0, 0, 14, 0, 0, 0, 0, 0, 2, 1, 2];

    /// <summary>Header, handle, parameter size, two bytes of parameters, and the session's nonce, attributes and HMAC.</summary>
    private static byte[] SessionAnswer => [0x80, 0x02, 0, 0, 0, 25, 0, 0, 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 2, 7, 7, 0, 0, 1, 0, 0];

    /// <summary>A public area that was accepted can be named and turned into a SubjectPublicKeyInfo.</summary>
    private static byte[] UsePublic(TpmPublic key)
    {
        Assert.NotEmpty(key.Name());
        Assert.NotEmpty(key.ToSubjectPublicKeyInfo());
        return key.Bytes.ToArray();
    }
}
