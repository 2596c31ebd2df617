namespace TrustMesh.Contracts;

/// <summary>Answer to making a webhook or changing its secret: the only time it is shown.</summary>
/// <param name="Secret">whsec_ and base64 of 32 bytes, as Standard Webhooks has it.</param>
public sealed record WebhookSecret(WebhookView Webhook, string Secret);
