using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Serialization;

/// <summary>A device id as its 53 characters, also where it is a key.</summary>
internal sealed class DeviceIdJson : JsonConverter<DeviceId>
{
    public override DeviceId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => DeviceId.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, DeviceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
