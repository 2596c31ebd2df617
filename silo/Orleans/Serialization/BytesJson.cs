using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrustMesh.Orleans.Serialization;

/// <summary>A type that has bytes of its own already: those, as base64. A verdict is a hundred texts; as JSON it costs more than the signatures around it.</summary>
internal sealed class BytesJson<T>(Func<T, byte[]> write, Func<ReadOnlyMemory<byte>, T> read) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => read(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteBase64StringValue(write(value));
}
