using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The door for statements that reach the device: signed by the pinned authority, of the one type expected, about this device. There is no other
/// way for a silo to make the device do or keep anything (attack A46).
/// </summary>
public static class AuthorityStatement
{
    /// <summary>The membership, or null and what is wrong with it.</summary>
    public static Membership? Membership(ReadOnlyMemory<byte> statement, ReadOnlySpan<byte> authorityKey, DeviceId self, DateTimeOffset now, out string problem)
    {
        problem = "";
        try
        {
            // 1 one strict encoding; 2 its type; 3 its signer; 4 the signature; 5 its subject; 6 its expiry.
            var signed = CoseSign1.Decode(statement);
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(authorityKey, out _);
            if (signed.Typ != Wire.Messages.Membership.Typ) problem = "it is not a membership";
            else if (signed.Algorithm != CoseSign1.Es256) problem = "it is not signed with ES256";
            else if (!signed.KeyId.Span.SequenceEqual(KeyThumbprint.Of(key.ExportParameters(includePrivateParameters: false)))) problem = "it is not signed by this mesh's authority";
            else if (!key.VerifyData(signed.ToBeSigned.Span, signed.Signature.Span, HashAlgorithmName.SHA256)) problem = "its signature is wrong";
            if (problem.Length > 0) return null;
            var membership = Wire.Messages.Membership.DecodePayload(signed.Payload);
            if (membership.Device != self) problem = "it is about another device";
            else if (membership.ExpiresAt <= now.ToUnixTimeSeconds()) problem = "it has expired";
            return problem.Length == 0 ? membership : null;
        }
        catch (Exception malformed) when (malformed is WireException or CryptographicException)
        {
            problem = malformed.Message;
            return null;
        }
    }
}
