using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>
/// A device as the protocol describes it, written from PROTOCOL.md and not from the agent: one connection, one session key, a root, a
/// measurement log. Each step can be done wrong by the test that wants to.
/// </summary>
public sealed class TestDevice : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-device-").FullName;
    private readonly bool ownsRoot;
    private readonly List<ReadOnlyMemory<byte>> log = [];
    private HttpClient? http;
    private SslStream? stream;

    public TestDevice(string name, IRoot? root = null)
    {
        (Name, ownsRoot) = (name, root is null);
        Root = root ?? SoftwareRoot.Open(new("software", "", "auto", 13, folder));
        SessionKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    public string Name { get; }

    public string Model { get; init; } = "sensor";

    /// <summary>Put into the session certificate besides its key; and who it says issued it.</summary>
    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    public string Issuer { get; init; } = "CN=session";

    public IRoot Root { get; }

    public ECDsa SessionKey { get; private set; }

    public byte[] Binding { get; private set; } = [];

    public byte[] SiloSpki { get; private set; } = [];

    /// <summary>The certificates the silo showed, leaf first.</summary>
    public IReadOnlyList<X509Certificate2> SiloCertificates { get; private set; } = [];

    public DeviceId Id => Root.Device;

    public byte[] SessionSpkiHash => SHA256.HashData(SessionKey.ExportSubjectPublicKeyInfo());

    /// <summary>Measures a file's content: one more entry of the log, extended into the root.</summary>
    public void Measure(string file, string content)
    {
        var entry = new LogEntry(log.Count, LogEntryKind.File, file, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content))).Encode();
        log.Add(entry);
        Root.Extend(SHA256.HashData(entry));
    }

    /// <summary>Opens a connection of its own; an earlier one is closed.</summary>
    public async Task ConnectAsync(Uri silo, SslProtocols protocols = SslProtocols.Tls13, bool certificate = true, ECDsa? key = null)
    {
        http?.Dispose();
        if (key is not null) SessionKey = key;
        var request = new CertificateRequest("CN=session", SessionKey, HashAlgorithmName.SHA256);
        foreach (var extension in Extensions) request.CertificateExtensions.Add(extension);
        using var bare = request.Create(new X500DistinguishedName(Issuer), X509SignatureGenerator.CreateForECDsa(SessionKey), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1), [1]);
        using var self = bare.CopyWithPrivateKey(SessionKey);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(silo.Host, silo.Port);
        var tls = new SslStream(new NetworkStream(socket, true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = silo.Host, EnabledSslProtocols = protocols, AllowTlsResume = false,
            ClientCertificateContext = certificate ? SslStreamCertificateContext.Create(self, null, offline: true) : null,
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                SiloCertificates = [.. chain!.ChainPolicy.ExtraStore.Select(one => X509CertificateLoader.LoadCertificate(one.RawData))];
                SiloSpki = SHA256.HashData(((X509Certificate2)leaf!).PublicKey.ExportSubjectPublicKeyInfo());
                return true;
            },
        });
        using (var value = tls.TransportContext.GetChannelBinding(ChannelBindingKind.Unique)!)
        {
            var bytes = new byte[value.Size];
            Marshal.Copy(value.DangerousGetHandle(), bytes, 0, bytes.Length);
            Binding = bytes[(32 + "tls-unique:".Length)..];
        }
        stream = tls;
        Stream? once = tls;
        http = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => Interlocked.Exchange(ref once, null) is { } ready ? new(ready) : throw new IOException("the connection is gone") })
        {
            BaseAddress = new UriBuilder(silo) { Scheme = "http" }.Uri, Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>One request; the answer's status, its bytes, and the code if it is a problem.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body, string Code)> PostAsync(string path, byte[] body, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/cbor");
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        using var answer = await http!.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonDocument.Parse(bytes).RootElement.GetProperty("code").GetString()! : "";
        return (answer.StatusCode, bytes, code);
    }

    /// <summary>Writes these characters into the TLS connection, past HTTP, and reads until the silo closes it; empty if it just does.</summary>
    public async Task<string> SendRawAsync(string text)
    {
        await stream!.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
        try
        {
            return await new StreamReader(stream).ReadToEndAsync();
        }
        catch (IOException)
        {
            // Reset instead of closed: the silo was in a hurry.
            return "";
        }
    }

    /// <summary>Breaks the connection off.</summary>
    public void Hang() => http?.Dispose();

    public EnrolRequest EnrolRequest(string? token)
        => new(token is null ? default(ReadOnlyMemory<byte>?) : Secret(token), Name, "lab", Model, Root.Kind, Root.RootPublic, Root.Certificates, Root.AttestationKey, Root.Facts);

    /// <summary>Both steps of enrolment; the code of the first refusal, or the result.</summary>
    public async Task<(EnrolResult? Result, string Code)> EnrolAsync(string? token)
    {
        var begun = await PostAsync("/device/v1/enrol", EnrolRequest(token).Encode());
        if (begun.Status != HttpStatusCode.OK) return (null, begun.Code);
        var challenge = EnrolChallenge.Decode(begun.Body);
        var done = await PostAsync("/device/v1/enrol/activate", new ActivateRequest(challenge.EnrolmentId, Root.AnswerEnrolment(challenge, SessionSpkiHash)).Encode());
        return done.Status == HttpStatusCode.OK ? (EnrolResult.Decode(done.Body), "") : (null, done.Code);
    }

    public async Task<Challenge> ChallengeAsync()
    {
        var answer = await PostAsync("/device/v1/challenge", new ChallengeRequest(Id).Encode());
        Assert.True(answer.Status == HttpStatusCode.OK, $"challenge refused: {answer.Code}");
        return Challenge.Decode(answer.Body);
    }

    /// <summary>Evidence for a challenge over this connection.</summary>
    public byte[] Prove(Challenge challenge)
    {
        var leaf = new ChallengeLeaf(challenge.Nonce, challenge.Challenger, Id, AttesterRole.TlsClient, SessionSpkiHash, SiloSpki, ChannelBindingType.Finished, Binding);
        var from = challenge.Boot == Root.Boot ? challenge.LogCursor : 0;
        var claims = new Claims(Id, KeyThumbprint.Of(SessionKey.ExportParameters(false)), leaf.LeafHash(), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 60, Root.Boot, "test-device", "1.0", null, null);
        var draft = new EvidenceDraft(AttesterRole.TlsClient, claims, challenge.Bank, challenge.Pcrs, new(0, 1, []), new(Root.Boot, from, [.. log.Skip(from)]));
        return Root.Prove(draft).Encode();
    }

    public Task<(HttpStatusCode Status, byte[] Body, string Code)> SendEvidenceAsync(byte[] evidence) => PostAsync("/device/v1/evidence", evidence);

    /// <summary>Challenge, evidence, receipt; fails the test with the code if it is refused.</summary>
    public async Task<Receipt> ProveAsync()
    {
        var answer = await SendEvidenceAsync(Prove(await ChallengeAsync()));
        Assert.True(answer.Status == HttpStatusCode.OK, $"evidence refused: {answer.Code}");
        return Receipt.Decode(answer.Body);
    }

    public void Dispose()
    {
        http?.Dispose();
        SessionKey.Dispose();
        if (ownsRoot) Root.Dispose();
        Directory.Delete(folder, true);
    }

    /// <summary>The secret of a join token's text.</summary>
    public static byte[] Secret(string token) => System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(5, 43));
}
