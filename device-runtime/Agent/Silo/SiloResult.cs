using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The silo's verdict on this device, for the status file: signed by a key the authority certified, about this device, about the challenge that
/// was answered. It informs the operator on the device; the agent's behaviour does not depend on it.
/// </summary>
public static class SiloResult
{
    /// <summary>The verdict, or null and what is wrong with it.</summary>
    public static AttestationResult? Read(ReadOnlyMemory<byte> statement, X509Certificate2 authority, ReadOnlySpan<byte> pin, DeviceId self, DateTimeOffset now, out string problem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            // 1 one strict encoding; 2 its type; 3 the signer's certificate of our authority; 4 the signature; 5 its subject.
            var signed = CoseSign1.Decode(statement);
            problem = "";
            if (signed.Typ != AttestationResult.Typ || signed.Algorithm != CoseSign1.Es256) problem = "it is not an attestation result";
            else if (signed.CertificateChain.Count == 0) problem = "it has no certificate of its signer";
            if (problem.Length > 0) return null;
            foreach (var der in signed.CertificateChain) certificates.Add(X509CertificateLoader.LoadCertificate(der.Span));
            using var leaf = new X509Certificate2(certificates[0]);
            certificates.Add(new X509Certificate2(authority));
            if (AuthorityChain.Find(leaf, certificates, pin, now, null, out problem) is null) return null;
            using var key = leaf.GetECDsaPublicKey();
            if (key is null || !key.VerifyData(signed.ToBeSigned.Span, signed.Signature.Span, HashAlgorithmName.SHA256))
            {
                problem = "its signature is wrong";
                return null;
            }
            var result = AttestationResult.DecodePayload(signed.Payload);
            if (result.Device == self) return result;
            problem = "it is about another device";
            return null;
        }
        catch (Exception malformed) when (malformed is WireException or CryptographicException)
        {
            problem = malformed.Message;
            return null;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }
}
