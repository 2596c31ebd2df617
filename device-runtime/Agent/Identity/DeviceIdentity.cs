using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Agent.Files;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Identity;

/// <summary>What a device remembers of having joined: identity.json. It holds no secret; the root of trust is elsewhere.</summary>
/// <param name="Device">UEID text. Another root of trust is another device (attack A13).</param>
/// <param name="AuthorityPin">SHA-256 of the mesh authority's SubjectPublicKeyInfo, base64url. Only its silos are ever talked to.</param>
/// <param name="EnrolmentId">Hex, 16 bytes.</param>
/// <param name="AuthorityKey">The authority's SubjectPublicKeyInfo, base64url; statements are checked with it.</param>
public sealed record DeviceIdentity(string Device, string AuthorityPin, string AuthorityKey, string EnrolmentId, string Silo, DateTimeOffset EnrolledAt)
{
    public const string FileName = "identity.json";

    /// <summary>The stored identity of this device, or null. Throws <see cref="StateException"/> for one that can not be read or is of another device.</summary>
    public static DeviceIdentity? Load(StateDirectory state, DeviceId device)
    {
        var identity = Stored(state);
        if (identity is not null && identity.Device != device.Text)
            throw new StateException($"The root of trust is device {device.Short}…, but the state in {state.FullPath} belongs to another device. Move that directory away to join as a new device.");
        return identity;
    }

    /// <summary>The stored identity, whoever's, or null. Throws <see cref="StateException"/> for one that can not be read.</summary>
    public static DeviceIdentity? Stored(StateDirectory state)
    {
        if (state.Read(FileName) is not { } bytes) return null;
        try
        {
            var identity = JsonSerializer.Deserialize(bytes, IdentityJson.Default.DeviceIdentity);
            if (identity?.Pin() is not null && identity.HasKey()) return identity;
        }
        catch (JsonException damaged)
        {
            throw Damaged(state, damaged);
        }
        throw Damaged(state, null);
    }

    public void Save(StateDirectory state) => state.Replace(FileName, JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.DeviceIdentity));

    /// <summary>The pin's 32 bytes, or null if the text is none.</summary>
    public byte[]? Pin() => Decode(AuthorityPin) is { Length: 32 } pin ? pin : null;

    /// <summary>The authority's SubjectPublicKeyInfo (DER).</summary>
    public byte[] Key() => Decode(AuthorityKey) ?? throw new InvalidOperationException("Stored identities have a key.");

    /// <summary>The stored key is the pinned one.</summary>
    private bool HasKey() => Decode(AuthorityKey) is { } key && SHA256.HashData(key).AsSpan().SequenceEqual(Pin());

    private static StateException Damaged(StateDirectory state, Exception? why)
        => new($"{FileName} in {state.FullPath} is damaged. Remove it to join again with a new join token.", why);

    private static byte[]? Decode(string? text) => text is not null && System.Buffers.Text.Base64Url.IsValid(text) ? System.Buffers.Text.Base64Url.DecodeFromChars(text) : null;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DeviceIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
