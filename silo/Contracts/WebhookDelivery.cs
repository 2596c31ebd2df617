namespace TrustMesh.Contracts;

/// <summary>One message to a webhook. It arrives at least once; its id is the same each time.</summary>
/// <param name="Id">The webhook-id of the message.</param>
/// <param name="Type">Such as io.trustmesh.alert.fired.v1.</param>
/// <param name="State">waiting, delivered, failed (given up), dropped (too many waited).</param>
/// <param name="Status">HTTP status of the last try; null if there was none.</param>
/// <param name="Error">refused-address, no-name, no-connection, tls, timeout, redirect, status, too-large-answer, broken; null if the last try went well or there was none.</param>
/// <param name="Milliseconds">How long the last try took.</param>
/// <param name="TriedAt">When it was; null before the first.</param>
/// <param name="NextAt">When it is tried again; null if it is not.</param>
public sealed record WebhookDelivery(
    string Id, string Type, string Subject, DateTimeOffset At, string State, int Attempts, int? Status = null, string? Error = null, int? Milliseconds = null,
    DateTimeOffset? TriedAt = null, DateTimeOffset? NextAt = null);
