namespace TrustMesh.Contracts;

/// <summary>A webhook and how it is doing; never its secret.</summary>
/// <param name="Waiting">Deliveries that are still tried.</param>
/// <param name="RotatesUntil">Until then messages carry a signature of the secret before, too; null if there is none.</param>
/// <param name="Last">The last delivery that ended; null before the first.</param>
public sealed record WebhookView(string Name, string Url, string Severity, string By, DateTimeOffset At, int Waiting, DateTimeOffset? RotatesUntil = null, WebhookDelivery? Last = null);
