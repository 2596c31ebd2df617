using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Orleans.Serialization;

/// <summary>A twin's state between silos: the same bytes as in the store (<see cref="TwinStateCodec"/>), with the row's version before them.</summary>
internal sealed class TwinStateJson : JsonConverter<TwinState>
{
    public override TwinState Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A twin is an array.");
        reader.Read();
        var version = reader.GetInt64();
        reader.Read();
        var bytes = reader.GetBytesFromBase64();
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException("A twin has two elements.");
        return TwinStateCodec.Decode(bytes, version);
    }

    public override void Write(Utf8JsonWriter writer, TwinState value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Version);
        writer.WriteBase64StringValue(TwinStateCodec.Encode(value));
        writer.WriteEndArray();
    }
}
