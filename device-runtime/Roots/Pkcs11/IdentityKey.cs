using System.Security.Cryptography;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>The identity key as the token holds it, found or made. The handle is worth something in one session only.</summary>
/// <param name="Id">CKA_ID; may be empty.</param>
/// <param name="Spki">SubjectPublicKeyInfo, DER.</param>
internal sealed record IdentityKey(nuint Handle, byte[] Id, byte[] Spki, byte[] Thumbprint, TokenKeyAttributes Attributes)
{
    /// <summary>CK_OBJECT_CLASS, CK_KEY_TYPE and CK_MECHANISM_TYPE.</summary>
    private const uint PublicClass = 2, PrivateClass = 3, Ec = 3, EcKeyPairGen = 0x1040;

    private const TokenKeyAttributes Needed = TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable;

    /// <summary>The one P-256 key with that label; null where there is none. Several are an error that lists them.</summary>
    internal static IdentityKey? Find(ICryptoki cryptoki, nuint session, string label)
    {
        var found = cryptoki.Find(session, Wanted(PrivateClass).With(CkAttribute.KeyType, Ec).With(CkAttribute.Label, label));
        if (found.Count == 0) return null;
        if (found.Count > 1)
        {
            var ids = string.Join(", ", found.Select(one => Convert.ToHexStringLower(cryptoki.Attribute(session, one, CkAttribute.Id) ?? [])));
            throw new RootException($"The token has {found.Count} keys with the label \"{label}\" (CKA_ID {ids}). Which one the device is must be certain: rename or remove the others, or choose another keyLabel.");
        }
        return Read(cryptoki, session, found[0], label);
    }

    /// <summary>Makes the pair in the token, where it stays: nobody, its maker included, ever sees the private half.</summary>
    internal static IdentityKey Make(ICryptoki cryptoki, nuint session, string label)
    {
        var id = cryptoki.Random(session, 16);
        var publicKey = Wanted(PublicClass).With(CkAttribute.KeyType, Ec).With(CkAttribute.Private, false).With(CkAttribute.Label, label).With(CkAttribute.Id, id)
            .With(CkAttribute.EcParams, IdentityPoint.P256).With(CkAttribute.Verify, true);
        var privateKey = Wanted(PrivateClass).With(CkAttribute.KeyType, Ec).With(CkAttribute.Private, true).With(CkAttribute.Label, label).With(CkAttribute.Id, id)
            .With(CkAttribute.Sensitive, true).With(CkAttribute.Extractable, false).With(CkAttribute.Sign, true).With(CkAttribute.Derive, false);
        return Read(cryptoki, session, cryptoki.GenerateKeyPair(session, publicKey, privateKey), label);
    }

    /// <summary>Words of people for attributes of the token's own word.</summary>
    internal string Protection => (Attributes & Needed) == Needed ? "generated in the token, always sensitive, never extractable" : $"{Attributes}";

    private static CkTemplate Wanted(uint kind) => new CkTemplate().With(CkAttribute.Class, kind).With(CkAttribute.Token, true);

    private static IdentityKey Read(ICryptoki cryptoki, nuint session, nuint key, string label)
    {
        var attributes = Protections(cryptoki, session, key);
        var missing = Needed & ~attributes;
        if (missing != 0 || attributes.HasFlag(TokenKeyAttributes.Extractable))
            throw new RootException($"The key \"{label}\" could be a copy of one that is elsewhere (attack A10): the token says {attributes}, {(missing != 0 ? $"not {missing}" : "and so it can be taken out")}. "
                + "Only a key made in the token, that never could leave it, is an identity: choose a keyLabel that no object of the token has, and the agent makes one.");
        if (cryptoki.Attribute(session, key, CkAttribute.AlwaysAuthenticate) is [not 0])
            throw new RootException($"The key \"{label}\" wants the PIN before each signature, which an agent can not give. Choose a keyLabel that no object of the token has, and the agent makes a key.");
        var id = cryptoki.Attribute(session, key, CkAttribute.Id) ?? [];
        // The standard keeps the point in the public key's object; some tokens have no such object and tell it here.
        var halves = id.Length == 0 ? [] : cryptoki.Find(session, Wanted(PublicClass).With(CkAttribute.KeyType, Ec).With(CkAttribute.Id, id));
        if (halves.Count > 1) throw new RootException($"The token has {halves.Count} public keys with the CKA_ID {Convert.ToHexStringLower(id)}. Remove those that do not belong to \"{label}\".");
        var half = halves.Count == 1 ? halves[0] : key;
        using var point = IdentityPoint.Read(cryptoki.Attribute(session, half, CkAttribute.EcParams) ?? cryptoki.Attribute(session, key, CkAttribute.EcParams), cryptoki.Attribute(session, half, CkAttribute.EcPoint));
        return new(key, id, point.ExportSubjectPublicKeyInfo(), KeyThumbprint.Of(point.ExportParameters(false)), attributes);
    }

    /// <summary>What is not said is not taken for granted.</summary>
    private static TokenKeyAttributes Protections(ICryptoki cryptoki, nuint session, nuint key)
    {
        var attributes = TokenKeyAttributes.None;
        foreach (var (attribute, flag) in (ReadOnlySpan<(CkAttribute, TokenKeyAttributes)>)[
            (CkAttribute.Local, TokenKeyAttributes.Local), (CkAttribute.AlwaysSensitive, TokenKeyAttributes.AlwaysSensitive),
            (CkAttribute.NeverExtractable, TokenKeyAttributes.NeverExtractable), (CkAttribute.Sensitive, TokenKeyAttributes.Sensitive),
            (CkAttribute.Extractable, TokenKeyAttributes.Extractable)])
            if (cryptoki.Attribute(session, key, attribute) is [not 0]) attributes |= flag;
        var made = cryptoki.Attribute(session, key, CkAttribute.KeyGenMechanism);
        if (made?.Length == nint.Size && System.Runtime.InteropServices.MemoryMarshal.Read<nuint>(made) == EcKeyPairGen) attributes |= TokenKeyAttributes.KeyGenerated;
        return attributes;
    }

    /// <summary>True if the private half signs for the public one: anybody with the PIN may put a public key of the same id beside it.</summary>
    internal bool Signs(ICryptoki cryptoki, nuint session)
    {
        var digest = RandomNumberGenerator.GetBytes(32);
        using var verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(Spki, out _);
        return verifier.VerifyHash(digest, cryptoki.Sign(session, Handle, digest));
    }
}
