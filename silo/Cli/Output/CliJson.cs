using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Cli.Evidence;
using TrustMesh.Cli.Logs;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>JSON shapes of the command line's own, beside those of the API (ContractJson); source-generated, so the shapes are fixed when it is built.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LogReports))]
[JsonSerializable(typeof(SavedCheckpoints))]
[JsonSerializable(typeof(SavedSessions))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(DemoResult))]
[JsonSerializable(typeof(DemoStatus))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(ReadySilo))]
[JsonSerializable(typeof(BundleReport))]
internal sealed partial class CliJson : JsonSerializerContext;
