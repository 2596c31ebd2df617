using System.Security.Cryptography.X509Certificates;

namespace TrustMesh.Agent.Silo;

/// <summary>Is this the silo we dialled, of the mesh we joined? Asked once for each connection, during its handshake.</summary>
/// <param name="spkiHash">SHA-256 of the mesh authority's SubjectPublicKeyInfo, 32 bytes: from the join token or the stored identity.</param>
public sealed class AuthorityPin(byte[] spkiHash, string host, TimeProvider time)
{
    /// <summary>The authority's certificate once <see cref="Check"/> accepted a chain.</summary>
    public X509Certificate2? Authority { get; private set; }

    /// <summary>Null if the certificate is the silo's of this mesh; else a sentence that names the fix.</summary>
    public string? Check(X509Certificate2? silo, X509Certificate2Collection sent)
    {
        if (silo is null) return "The silo sent no certificate; is this address a TrustMesh silo's device address?";
        if (AuthorityChain.Find(silo, sent, spkiHash, time.GetUtcNow(), AuthorityChain.ServerAuthentication, out var problem) is not { } authority) return problem;
        if (!silo.MatchesHostname(host)) return $"The silo's certificate is not for {host}. Use the name in the certificate as \"silo\", or have one issued for this name.";
        Authority = new(authority);
        return null;
    }
}
