using System.Buffers.Text;
using System.Text.Json;

namespace TrustMesh.Wire.Passkeys;

/// <summary>
/// What a browser says of a passkey ceremony: CollectedClientData (WebAuthn 3, 5.8.1), JSON in UTF-8. Members that are not known are passed over, as the
/// standard asks for; a known one that is there twice is refused, as two readers could take different ones.
/// </summary>
/// <param name="Type">webauthn.create or webauthn.get.</param>
/// <param name="Challenge">16 to 128 bytes.</param>
/// <param name="Origin">Of the page, such as <c>https://mesh.example</c>.</param>
/// <param name="CrossOrigin">The page stood in a frame of another.</param>
public sealed record ClientData(string Type, ReadOnlyMemory<byte> Challenge, string Origin, bool CrossOrigin)
{
    private const int LongestChallenge = 128, ShortestChallenge = 16;

    private static readonly string[] Known = ["type", "challenge", "origin", "crossOrigin", "topOrigin"];

    /// <summary>Throws <see cref="WireException"/>.</summary>
    public static ClientData Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Caps.ClientData) throw new WireException("clientData", 0, $"{bytes.Length} bytes, at most {Caps.ClientData}");
        try
        {
            return Read(bytes.Span);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException or FormatException)
        {
            throw new WireException("clientData", 0, "not the JSON of a browser");
        }
    }

    private static ClientData Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Caps.Nesting });
        var seen = new HashSet<string>();
        string? type = null, challenge = null, origin = null;
        var crossOrigin = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new WireException("clientData", 0, "not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = reader.TokenStartIndex;
            var name = reader.GetString()!;
            reader.Read();
            if (!Known.Contains(name))
            {
                reader.Skip();
                continue;
            }
            if (!seen.Add(name)) throw new WireException(name, at, "there twice");
            switch (name)
            {
                case "type": type = reader.GetString(); break;
                case "challenge": challenge = reader.GetString(); break;
                case "origin": origin = reader.GetString(); break;
                case "topOrigin":
                    // Only a frame has one.
                    crossOrigin = true;
                    reader.Skip();
                    break;
                default: crossOrigin |= reader.GetBoolean(); break;
            }
        }
        // After the end of the object there is nothing, or the reader throws.
        if (reader.Read()) throw new WireException("clientData", reader.TokenStartIndex, "something after the end");
        if (type is null || challenge is null || origin is null) throw new WireException("clientData", 0, "type, challenge or origin is missing");
        return new(type, Bytes(challenge), origin, crossOrigin);
    }

    private static byte[] Bytes(string text)
    {
        if (text.Length > LongestChallenge * 4 / 3 + 2) throw new WireException("challenge", 0, $"more than {LongestChallenge} bytes");
        var bytes = Base64Url.DecodeFromChars(text);
        // One encoding: without padding, without bits that mean nothing.
        if (Base64Url.EncodeToString(bytes) != text) throw new WireException("challenge", 0, "not base64url in its one form");
        return bytes.Length is >= ShortestChallenge and <= LongestChallenge ? bytes : throw new WireException("challenge", 0, $"{bytes.Length} bytes, {ShortestChallenge} to {LongestChallenge} allowed");
    }
}
