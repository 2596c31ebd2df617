using System.Text.Json.Serialization;
using TrustMesh.Contracts;
using TrustMesh.Trust.Webhooks;

namespace TrustMesh.Trust.Alerts;

/// <summary>How rows of alerts and webhooks are written. One that lacks something is unreadable, not half read: whoever can write rows must not stop the others with it (attack A43).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredAlert))]
[JsonSerializable(typeof(StoredAlertRule))]
[JsonSerializable(typeof(SilenceView))]
[JsonSerializable(typeof(StoredWebhook))]
[JsonSerializable(typeof(StoredBox))]
[JsonSerializable(typeof(CloudEvent))]
internal sealed partial class AlertJson : JsonSerializerContext;
