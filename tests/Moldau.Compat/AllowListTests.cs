using System.Reflection;

namespace Moldau.Compat;

/// <summary>
/// <c>tests.allow</c> lists every fact about a foreign client that must hold. The list only grows: a client that works keeps working, and
/// taking a fact away is a change that a reader sees.
/// </summary>
public sealed class AllowListTests
{
    [Fact]
    public void Every_fact_about_a_client_is_listed_and_every_listed_fact_is_tested()
    {
        string[] listed = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "tests.allow")).Where(line => line.Length > 0 && line[0] != '#')];
        string[] tested =
        [
            .. from type in typeof(AllowListTests).Assembly.GetTypes()
               where type != typeof(AllowListTests)
               from method in type.GetMethods()
               where method.GetCustomAttribute<FactAttribute>() != null
               let fact = $"{type.Namespace!["Moldau.Compat.".Length..]}.{type.Name}.{method.Name}"
               orderby fact
               select fact,
        ];

        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
        Assert.Equal(tested.Order(StringComparer.Ordinal), listed);
    }
}
