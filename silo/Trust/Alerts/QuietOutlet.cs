using TrustMesh.Contracts;

namespace TrustMesh.Trust.Alerts;

/// <summary>Tells nobody.</summary>
public sealed class QuietOutlet : IAlertOutlet
{
    public Task OfferAsync(AlertView alert, string what, CancellationToken cancellation) => Task.CompletedTask;
}
