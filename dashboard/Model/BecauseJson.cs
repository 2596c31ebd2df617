using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>A verdict as the CLI prints it, for a ticket or a chat.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DeviceVerdict))]
public sealed partial class BecauseJson : JsonSerializerContext
{
    public static string Of(DeviceVerdict verdict) => JsonSerializer.Serialize(verdict, Default.DeviceVerdict);
}
