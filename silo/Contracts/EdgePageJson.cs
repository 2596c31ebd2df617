using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TrustMesh.Contracts;

/// <summary>Reads a page of edges, and the list that a silo of before there were pages answers with: all of them.</summary>
public sealed class EdgePageJson : JsonConverter<EdgePage>
{
    public override EdgePage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray && List(ref reader, options) is var all) return new(all, null, all.Count);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("neither a page nor a list");
        IReadOnlyList<PeerEdge>? items = null;
        string? next = null;
        var total = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            if (!reader.Read()) break;
            switch (name)
            {
                case "items": items = List(ref reader, options); break;
                case "next": next = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("next is no text"); break;
                case "total": total = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : throw new JsonException("total is no number"); break;
                default: reader.Skip(); break;
            }
        }
        return new(items ?? throw new JsonException("a page without items"), next, total);
    }

    public override void Write(Utf8JsonWriter writer, EdgePage value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("items");
        JsonSerializer.Serialize(writer, value.Items, Lines(options));
        writer.WriteString("next", value.Next);
        writer.WriteNumber("total", value.Total);
        writer.WriteEndObject();
    }

    private static IReadOnlyList<PeerEdge> List(ref Utf8JsonReader reader, JsonSerializerOptions options)
        => JsonSerializer.Deserialize(ref reader, Lines(options)) ?? throw new JsonException("no list");

    private static JsonTypeInfo<IReadOnlyList<PeerEdge>> Lines(JsonSerializerOptions options) => (JsonTypeInfo<IReadOnlyList<PeerEdge>>)options.GetTypeInfo(typeof(IReadOnlyList<PeerEdge>));
}
