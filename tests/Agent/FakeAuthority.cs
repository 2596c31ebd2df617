using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>A mesh authority for the fake silo: its certificate has the shape of PROTOCOL.md section 3, and everything about what it issues can be wrong.</summary>
public sealed class FakeAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1), To = DateTimeOffset.UtcNow.AddDays(30);

    public FakeAuthority(string mesh = "test mesh")
    {
        Name = new($"CN={mesh}");
        var request = new CertificateRequest(Name, Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Certificate = request.Create(new X500DistinguishedName($"CN={mesh} anchor"), X509SignatureGenerator.CreateForECDsa(Key), From, To, [1]);
    }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public X500DistinguishedName Name { get; }

    public X509Certificate2 Certificate { get; }

    public byte[] Pin => SHA256.HashData(Key.ExportSubjectPublicKeyInfo());

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>A join token's text, with this authority's pin unless another is given.</summary>
    public string TokenText(byte[]? pin = null)
        => $"tmj1_{System.Buffers.Text.Base64Url.EncodeToString(Secret)}_{System.Buffers.Text.Base64Url.EncodeToString(pin ?? Pin)}";

    public JoinToken Token => JoinToken.TryParse(TokenText(), out var token) ? token! : throw new InvalidOperationException("the token does not parse");

    /// <summary>A server certificate with its key.</summary>
    public X509Certificate2 Issue(string host = "localhost", DateTimeOffset? until = null, string usage = "1.3.6.1.5.5.7.3.1", ECDsa? signWith = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=silo", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var issued = request.Create(Name, X509SignatureGenerator.CreateForECDsa(signWith ?? Key), From.AddDays(-1), until ?? To, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public byte[] Sign(byte[] payload, string typ, ECDsa? key = null, IReadOnlyList<ReadOnlyMemory<byte>>? chain = null)
    {
        key ??= Key;
        var statement = CoseSign1.Prepare(payload, KeyThumbprint.Of(key.ExportParameters(false)), typ);
        return statement.Complete(key.SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation), chain);
    }

    public byte[] Membership(DeviceId device, ReadOnlyMemory<byte> spki, string typ = TrustMesh.Wire.Messages.Membership.Typ, ECDsa? key = null, DateTimeOffset? until = null)
        => Sign(new Membership("test mesh", device, "press-1", "oslo", "press", AssuranceTier.Software, spki, new byte[16], 1, "https://localhost/status", DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            (until ?? To).ToUnixTimeSeconds()).EncodePayload(), typ, key);

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }
}
