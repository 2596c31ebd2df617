using System.Net;
using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Host;

/// <summary>The examiner in a <see cref="TestDevice"/>: counts and signs verdicts, and uploads them as PROTOCOL.md section 17 says.</summary>
public sealed class TestExaminer(TestDevice device)
{
    public long Sequence { get; set; }

    public long Dropped { get; set; }

    /// <summary>Signed and not yet acknowledged, oldest first.</summary>
    public List<byte[]> Kept { get; } = [];

    public byte[] Judge(DeviceId subject, TrustTier status = TrustTier.Affirming, DateTimeOffset? at = null, Func<PeerVerdict, PeerVerdict>? change = null)
    {
        var verdict = PeerVerdictCase.Good(device.Id, subject, ++Sequence, status, at ?? DateTimeOffset.UtcNow);
        var signed = CoseSigner.Sign(device.SessionKey, (change ?? (same => same))(verdict).EncodePayload(), PeerVerdict.Typ);
        Kept.Add(signed);
        return signed;
    }

    /// <summary>Evidence of this root for this session key that answered some peer, without its log.</summary>
    public Voucher Vouch()
    {
        var claims = new Claims(device.Id, KeyThumbprint.Of(device.SessionKey.ExportParameters(false)), SHA256.HashData("a peer's challenge"u8), 1, 60, device.Root.Boot, "test-device", "1.0", null, null);
        return new(device.SessionKey.ExportSubjectPublicKeyInfo(), device.Root.Prove(new(AttesterRole.TlsServer, claims, 0x000b, [13], new(0, 1, []), new(device.Root.Boot, 0, []))).Encode());
    }

    public Task<(HttpStatusCode Status, byte[] Body, string Code)> SendAsync(params IReadOnlyList<byte[]> verdicts)
        => device.PostAsync("/device/v1/verdicts", new VerdictUpload(Dropped, [Vouch()], [.. verdicts.Select(one => new UploadedVerdict(0, one))]).Encode());

    /// <summary>Sends what is kept and forgets what was acknowledged; the first sequence the silo does not have.</summary>
    public async Task<long> UploadAsync()
    {
        var answer = await SendAsync(Kept);
        Assert.True(answer.Status == HttpStatusCode.OK, $"verdicts refused: {answer.Code}");
        var next = VerdictReceipt.Decode(answer.Body).Next;
        Kept.RemoveAll(signed => PeerVerdict.DecodePayload(CoseSign1.Decode(signed).Payload).Sequence < next);
        return next;
    }
}
