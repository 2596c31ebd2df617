using System.Buffers.Binary;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Passkeys;

/// <summary>
/// What an authenticator signs (WebAuthn 3, 6.1): <c>SHA-256(rpId) 32 ‖ flags 1 ‖ counter 4 ‖ [aaguid 16 ‖ length 2 ‖ id ‖ COSE_Key] ‖ [extensions]</c>.
/// Extensions have to be well-formed and are passed over.
/// </summary>
/// <param name="Credential">Where the flag says that there is one.</param>
public sealed record AuthenticatorData(ReadOnlyMemory<byte> RpIdHash, AuthenticatorFlags Flags, uint Counter, AttestedCredential? Credential)
{
    private const int Fixed = 37, Aaguid = 16, LongestId = 1023, Extensions = 32;
    private const AuthenticatorFlags Reserved = (AuthenticatorFlags)(2 | 32);

    /// <summary>Throws <see cref="WireException"/>.</summary>
    public static AuthenticatorData Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Caps.AuthenticatorData) throw new WireException("authenticatorData", 0, $"{bytes.Length} bytes, at most {Caps.AuthenticatorData}");
        if (bytes.Length < Fixed) throw new WireException("authenticatorData", 0, $"{bytes.Length} bytes, at least {Fixed}");
        var flags = (AuthenticatorFlags)bytes.Span[32];
        if ((flags & Reserved) != 0) throw new WireException("flags", 32, "a flag that is not used");
        if (flags.HasFlag(AuthenticatorFlags.BackedUp) && !flags.HasFlag(AuthenticatorFlags.BackupEligible)) throw new WireException("flags", 32, "backed up, and not eligible for it");
        var counter = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[33..]);
        var rest = bytes[Fixed..];
        AttestedCredential? credential = null;
        if (flags.HasFlag(AuthenticatorFlags.Attested))
        {
            if (rest.Length < Aaguid + 2) throw new WireException("aaguid", Fixed, "cut short");
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[Aaguid..]);
            if (length is 0 or > LongestId) throw new WireException("credentialId", Fixed + Aaguid, $"{length} bytes, 1 to {LongestId} allowed");
            rest = rest[(Aaguid + 2)..];
            if (rest.Length < length) throw new WireException("credentialId", bytes.Length - rest.Length, "cut short");
            var id = rest[..length];
            rest = rest[length..];
            var reader = new StrictCborReader(rest, "credentialPublicKey", Caps.AuthenticatorData);
            credential = new(id, CoseKey.ReadPasskey(ref reader));
            rest = reader.Rest;
        }
        if (flags.HasFlag(AuthenticatorFlags.Extensions))
        {
            var reader = new StrictCborReader(rest, "extensions", Caps.AuthenticatorData);
            var map = reader.ReadMap("extensions", Extensions, open: true);
            reader.EndMap(ref map);
            rest = reader.Rest;
        }
        if (!rest.IsEmpty) throw new WireException("authenticatorData", bytes.Length - rest.Length, $"{rest.Length} bytes after the end");
        return new(bytes[..32], flags, counter, credential);
    }
}
