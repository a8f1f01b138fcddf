/** One chart of each kind, with what hostile names could be. */
export const CHARTS = ['pie', 'bar', 'area', 'line'].map((type) => ({
  name: `a ${type} chart`,
  blocks: [
    {
      type: 'data_visualization',
      title: '<script>x</script> *b* `c` &lt;i&gt; | [a](b)',
      chart: chartOf(type),
    },
  ],
}));

function chartOf(type: string): object {
  if (type === 'pie') {
    return { type, segments: [3, 2, 1].map((value) => ({ label: `<b>${value}`, value })) };
  }
  const categories = ['Mon', 'Tue', '<i>Wed</i>'];
  const series = ['main', '<script>'].map((name, at) => ({
    name,
    data: categories.map((label, index) => ({ label, value: (index - 1) * (at + 1.5) })),
  }));
  return { type, series, axis_config: { categories } };
}
