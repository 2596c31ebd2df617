namespace TrustMesh.Trust.Alerts;

/// <summary>An alert that fires whether it can be kept or not.</summary>
public sealed record UnwrittenAlert(string Rule, string Severity, AlertCause Cause, DateTimeOffset Since);
