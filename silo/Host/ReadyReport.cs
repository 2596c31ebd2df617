using System.Text.Json.Serialization;

namespace TrustMesh.Host;

/// <summary>Content of the ready file.</summary>
/// <param name="Device">https://host:port for devices.</param>
/// <param name="Operator">http(s)://host:port for operators.</param>
/// <param name="Authority">Hex SHA-256 of the mesh authority's SubjectPublicKeyInfo.</param>
public sealed record ReadyReport(string Device, string Operator, string Authority, int Pid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadyReport))]
internal sealed partial class ReadyJson : JsonSerializerContext;
