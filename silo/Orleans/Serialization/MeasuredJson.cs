using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrustMesh.Orleans.Serialization;

/// <summary>Names and digests in the order of their bytes, as the verifier keeps them; the framework's own reader would sort by language.</summary>
internal sealed class MeasuredJson : JsonConverter<ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>>
{
    public override ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var measured = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            measured[name] = reader.GetBytesFromBase64();
        }
        return measured.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, digest) in value) writer.WriteBase64String(name, digest.Span);
        writer.WriteEndObject();
    }
}
